module github.com/afterbeep/afterbeep/examples/frontdesk

go 1.26.0

require (
	github.com/afterbeep/afterbeep v0.0.0
	github.com/afterbeep/afterbeep/adapters/siphost v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/text v0.43.0
)

require (
	github.com/benbjohnson/clock v1.3.5 // indirect
	github.com/emiago/sipgo v1.7.2 // indirect
	github.com/go-audio/audio v1.0.0 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/pool v0.2.1 // indirect
	github.com/gobwas/ws v1.3.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/icholy/digest v1.2.0 // indirect
	github.com/pion/randutil v0.1.0 // indirect
	github.com/pion/rtp v1.10.6 // indirect
	github.com/pion/sdp/v3 v3.0.20 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.24.0 // indirect
)

replace (
	github.com/afterbeep/afterbeep => ../..
	github.com/afterbeep/afterbeep/adapters/siphost => ../../adapters/siphost
)
