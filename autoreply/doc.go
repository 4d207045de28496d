package autoreply
