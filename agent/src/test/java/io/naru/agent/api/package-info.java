/** Tests of the agent's socket. */
@NullMarked
package io.naru.agent.api;

import org.jspecify.annotations.NullMarked;
