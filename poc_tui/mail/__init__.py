"""Mail in and out: taking it in, sending what the verbs queued, handing it to a mail program."""
