// Package proxy is a reverse proxy for HTTP/1.1 and WebSockets that does what bad networks do:
// each [Shape] is a fault that boxes between clients and servers are known for. Shapes combine.
//
// What happens to an exchange, which is a request with its answer or an upgraded connection, is
// drawn from the seed and the exchange's number alone: the same requests in the same order meet
// the same faults.
package proxy
