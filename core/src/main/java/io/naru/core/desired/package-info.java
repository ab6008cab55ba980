/** What a node's kernel should hold, computed from what is known of the cluster and the node. */
@NullMarked
package io.naru.core.desired;

import org.jspecify.annotations.NullMarked;
