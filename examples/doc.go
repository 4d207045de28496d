// Package examples names the runnable programs below it.
package examples
