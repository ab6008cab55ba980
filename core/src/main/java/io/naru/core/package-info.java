/** Values and pure decisions of Naru: no I/O, no clock, no thread. */
@NullMarked
package io.naru.core;

import org.jspecify.annotations.NullMarked;
