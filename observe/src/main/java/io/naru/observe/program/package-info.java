/** Programs of the host that are asked what the kernel itself does not tell. */
@NullMarked
package io.naru.observe.program;

import org.jspecify.annotations.NullMarked;
