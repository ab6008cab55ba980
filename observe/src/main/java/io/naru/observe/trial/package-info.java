/** What is tried on another host to see whether it answers. */
@NullMarked
package io.naru.observe.trial;

import org.jspecify.annotations.NullMarked;
