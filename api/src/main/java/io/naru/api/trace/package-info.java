/** How a trace is asked for, and run by asking the agents of both its ends. */
@NullMarked
package io.naru.api.trace;

import org.jspecify.annotations.NullMarked;
