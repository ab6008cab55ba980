/** Tests of how the agent is put together. */
@NullMarked
package io.naru.agent.node;

import org.jspecify.annotations.NullMarked;
