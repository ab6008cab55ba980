/** Files that only their owner may read, replaced as a whole or not at all. */
@NullMarked
package io.naru.channel.file;

import org.jspecify.annotations.NullMarked;
