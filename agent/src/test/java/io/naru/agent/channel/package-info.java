/** Tests of the channels between agents, over real TLS on the loopback. */
@NullMarked
package io.naru.agent.channel;

import org.jspecify.annotations.NullMarked;
