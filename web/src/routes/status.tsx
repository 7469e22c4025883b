/** Stands here until the page is built. */
export function Component() {
  return <h1 className="p-6 text-20">status</h1>;
}
