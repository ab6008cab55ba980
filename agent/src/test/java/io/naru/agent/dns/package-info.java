/** Tests of the node's DNS server as the agent keeps it. */
@NullMarked
package io.naru.agent.dns;

import org.jspecify.annotations.NullMarked;
