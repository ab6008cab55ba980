/** Text from outside, made fit for a terminal. */
@NullMarked
package io.naru.core.text;

import org.jspecify.annotations.NullMarked;
