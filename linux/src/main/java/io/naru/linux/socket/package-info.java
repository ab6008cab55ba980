/** UDP sockets with a mark and without fragmentation, whose refusals are told exactly. */
@NullMarked
package io.naru.linux.socket;

import org.jspecify.annotations.NullMarked;
