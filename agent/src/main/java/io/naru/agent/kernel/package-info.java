/** The node's kernel seen as the core's values: read, compared, and changed by a plan. */
@NullMarked
package io.naru.agent.kernel;

import org.jspecify.annotations.NullMarked;
