/** The agents' channel: each agent talks to every peer's over mutually authenticated TCP. */
@NullMarked
package io.naru.agent.channel;

import org.jspecify.annotations.NullMarked;
