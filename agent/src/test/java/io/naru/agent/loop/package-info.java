/** Tests of the loop, in network namespaces of their own. */
@NullMarked
package io.naru.agent.loop;

import org.jspecify.annotations.NullMarked;
