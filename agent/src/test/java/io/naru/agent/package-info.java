/** What the agent's tests share. */
@NullMarked
package io.naru.agent;

import org.jspecify.annotations.NullMarked;
