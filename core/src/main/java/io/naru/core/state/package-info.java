/** What the kernel holds or should hold, as values; and the plan that turns one into the other. */
@NullMarked
package io.naru.core.state;

import org.jspecify.annotations.NullMarked;
