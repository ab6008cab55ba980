/** Connections between programs of one host, through unix sockets only their owner may open. */
@NullMarked
package io.naru.channel.unix;

import org.jspecify.annotations.NullMarked;
