/** A node's part in a trace: who a name is, taps, probes, and what they showed. */
@NullMarked
package io.naru.agent.trace;

import org.jspecify.annotations.NullMarked;
