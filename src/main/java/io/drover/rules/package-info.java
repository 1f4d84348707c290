/** Rules about calls: what they say, and which are in force. They are compiled once and asked for each call that is to be made. */
@org.jspecify.annotations.NullMarked
package io.drover.rules;
