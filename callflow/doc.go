package callflow
