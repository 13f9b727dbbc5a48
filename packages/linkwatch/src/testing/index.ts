export { type LinkFacts, linkRecord } from './link-record.ts';
export {
  attribute,
  datagram,
  delLink,
  done,
  type MessageHeader,
  message,
  newLink,
  refusal,
} from './messages.ts';
export { bytes, type ScriptedBackend, scriptedBackend } from './scripted-backend.ts';
