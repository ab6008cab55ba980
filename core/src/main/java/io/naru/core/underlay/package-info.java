/** Which of a node's interfaces carries the traffic between nodes, and why. */
@NullMarked
package io.naru.core.underlay;

import org.jspecify.annotations.NullMarked;
