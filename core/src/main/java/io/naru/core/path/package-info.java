/** Paths from one node to another, the places where a packet can be seen, and what is judged. */
@NullMarked
package io.naru.core.path;

import org.jspecify.annotations.NullMarked;
