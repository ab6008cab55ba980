/**
 * Proves every path all the time: sends probes, watches for them, and judges what became of them.
 */
@NullMarked
package io.naru.agent.probe;

import org.jspecify.annotations.NullMarked;
