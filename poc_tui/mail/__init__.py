"""Mail in and out: from bytes to a `rules.mail.Mail`, and from a letter to bytes."""
