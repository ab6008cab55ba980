/** The node's pods: their veth pairs, addresses and routes, and the life of their attachments. */
@NullMarked
package io.naru.agent.pod;

import org.jspecify.annotations.NullMarked;
