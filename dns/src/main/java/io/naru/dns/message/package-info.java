/** Questions and answers as values, above dnsjava's messages. */
@NullMarked
package io.naru.dns.message;

import org.jspecify.annotations.NullMarked;
