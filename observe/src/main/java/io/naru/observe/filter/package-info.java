/** Which rule of the packet filter drops a packet. */
@NullMarked
package io.naru.observe.filter;

import org.jspecify.annotations.NullMarked;
