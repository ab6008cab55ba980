/** Trains of packets to peers: how they are sent, and how those that pass here are counted. */
@NullMarked
package io.naru.agent.train;

import org.jspecify.annotations.NullMarked;
