"""From the bytes of a mail to a `rules.mail.message.Mail`, and from a mail of ours to bytes."""
