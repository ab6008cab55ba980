/** The node's DNS server, kept as the network's configuration wants it. */
@NullMarked
package io.naru.agent.dns;

import org.jspecify.annotations.NullMarked;
