/** This process's own memory, as the kernel accounts it. */
@NullMarked
package io.naru.linux.memory;

import org.jspecify.annotations.NullMarked;
