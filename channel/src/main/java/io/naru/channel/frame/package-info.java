/** Frames on a stream: one JSON text a line, in UTF-8, of bounded length. */
@NullMarked
package io.naru.channel.frame;

import org.jspecify.annotations.NullMarked;
