/** What an installation puts into a host's configuration, as texts, and the record of it. */
@NullMarked
package io.naru.agent.install;

import org.jspecify.annotations.NullMarked;
