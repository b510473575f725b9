/** The test file of examples/testing is run as it stands. */
import '../../examples/testing/stack.test';
