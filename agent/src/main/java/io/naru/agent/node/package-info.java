/** A node's agent put together: its start, its stop, and the clean-up of all it made. */
@NullMarked
package io.naru.agent.node;

import org.jspecify.annotations.NullMarked;
