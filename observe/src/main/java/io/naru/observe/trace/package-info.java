/** A trace's probes, sent and seen on one node. */
@NullMarked
package io.naru.observe.trace;

import org.jspecify.annotations.NullMarked;
