/** The counters of a kernel, and by how much they rose. */
@NullMarked
package io.naru.observe.counter;

import org.jspecify.annotations.NullMarked;
