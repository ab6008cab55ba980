/** Probes: their bytes, what became of those sent and received, and the verdict on a path. */
@NullMarked
package io.naru.core.probe;

import org.jspecify.annotations.NullMarked;
