/** A connection between two of Naru's programs, and who is at its other end. */
@NullMarked
package io.naru.channel;

import org.jspecify.annotations.NullMarked;
