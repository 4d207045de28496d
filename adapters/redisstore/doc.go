// Package redisstore keeps the ledger of package autoreply in Redis.
package redisstore
