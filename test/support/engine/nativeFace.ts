// Imported first, this file makes the tests that follow run through the native plugin.
import { useFace } from "./faces";

useFace("native");
