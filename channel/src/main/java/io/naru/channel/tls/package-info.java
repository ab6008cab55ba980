/** Connections between nodes: mutual TLS 1.3 (RFC 8446) under the cluster's own authority. */
@NullMarked
package io.naru.channel.tls;

import org.jspecify.annotations.NullMarked;
