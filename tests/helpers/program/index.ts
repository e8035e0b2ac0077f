// The program that the recorder runs for a test: whatever the test handed to `deploy`.
import { fragment } from "../deploy";

export = () => fragment();
