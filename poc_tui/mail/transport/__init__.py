"""Where mails come from and go to: servers, folders and files, and the way there."""
