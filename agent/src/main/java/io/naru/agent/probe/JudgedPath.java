package io.naru.agent.probe;

import io.naru.core.path.PathId;
import io.naru.core.probe.PathVerdict;
import java.time.Instant;

/**
 * A path with this node at one end, and the verdict of this end.
 *
 * @param chosen whether pod packets take this transport
 * @param since when the verdict's state began
 */
public record JudgedPath(PathId path, boolean chosen, PathVerdict verdict, Instant since) {}
