/** The agent's side of its socket: answers the API's requests and the CNI program's. */
@NullMarked
package io.naru.agent.api;

import org.jspecify.annotations.NullMarked;
