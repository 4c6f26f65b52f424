package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// classify says what an error of the connection means and what may be done. The
// words are ours: what the libraries say may quote a proxy's credentials or a
// server's own words.
func classify(err error) (Kind, string) {
	var blocked *blockedError
	if errors.As(err, &blocked) {
		return KindBlocked, blocked.Error()
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return KindDNS, dnsReason(dns)
	}
	if reason := tlsReason(err); reason != "" {
		return KindTLS, reason
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "header list larger than"),
		strings.Contains(text, "COMPRESSION_ERROR"): // HTTP/2: a single header that is too long
		return KindTooLarge, "the headers of the answer are larger than 64 KiB: the publisher must mend it"
	case strings.Contains(text, "proxyconnect"), strings.Contains(text, "socks connect"):
		return KindConnect, "the proxy did not connect: check its address, its credentials and whether it runs"
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return KindTimeout, timeoutReason(text)
	}
	if reason := connectReason(err); reason != "" {
		return KindConnect, reason
	}
	return KindProtocol, "the answer is not proper HTTP (" + plainText(text) + "): check the address"
}

func dnsReason(e *net.DNSError) string {
	switch {
	case e.IsNotFound:
		return "the host name " + plainText(e.Name) + " does not exist: check the address for a typing mistake"
	case e.IsTimeout:
		return "the name server did not answer in time: it is tried again later"
	}
	return "the host name could not be resolved: check the network and the name server"
}

func timeoutReason(text string) string {
	switch {
	case strings.Contains(text, "TLS handshake"):
		return "the TLS handshake took too long: it is tried again later"
	case strings.Contains(text, "dial"), strings.Contains(text, "connect"):
		return "no connection in time: the server is down or does not let us in; it is tried again later"
	}
	return "the server took too long to answer: it is tried again later"
}

func connectReason(err error) string {
	var op *net.OpError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused: nothing listens there, or not for us; check host and port"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to the host: check the network"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe),
		strings.Contains(err.Error(), "server closed idle connection"),
		strings.Contains(err.Error(), "http2: "), strings.Contains(err.Error(), "stream error"):
		return "the server broke the connection off before it answered: it is tried again later"
	case errors.As(err, &op):
		return "no connection (" + plainText(op.Err.Error()) + "): it is tried again later"
	}
	return ""
}

func tlsReason(err error) string {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
	)
	switch {
	case errors.As(err, &authority):
		return "the certificate was issued by somebody whom this machine does not trust: the publisher must mend the chain, or the authority must be added to those trusted here"
	case errors.As(err, &name):
		return "the certificate is for another name than " + plainText(name.Host) + ": check the address, or the publisher must mend it"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate is expired or not yet valid: the publisher must renew it; check this machine's clock too"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "the certificate is not valid: the publisher must mend it"
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "the server does not speak TLS on this port: check the port, or whether the address should begin with http://"
	case errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		return "the TLS handshake failed: the server may only speak versions older than TLS 1.2, which are not secure"
	}
	return ""
}
