/** Answers that were given before, for as long as their time to live allows. */
@NullMarked
package io.naru.dns.cache;

import org.jspecify.annotations.NullMarked;
