/** From what taps saw of a few marked probes to an ordered walk, and what became of them. */
@NullMarked
package io.naru.core.trace;

import org.jspecify.annotations.NullMarked;
