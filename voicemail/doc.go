package voicemail
